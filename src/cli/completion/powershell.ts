/**
 * The script for PowerShell, which asks the program what completes the line, and quotes what it
 * answers.
 */
export const POWERSHELL_SCRIPT = `# kiro-bill: completion for PowerShell. Add this to the file that $PROFILE names.

Register-ArgumentCompleter -Native -CommandName kiro-bill -ScriptBlock {
  param($typed, $line, $cursor)
  $words = @($line.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -le $cursor } |
    ForEach-Object { if ($null -ne $_.Value) { [string]$_.Value } else { $_.Extent.Text } })
  if ($typed -eq '') { $words += '' }
  $lead = if ($typed -match '^--[^=]+=') { $Matches[0] } else { '' }
  $kind, $found = @(& kiro-bill complete -- @words 2>$null)
  if ($kind -ne 'words') { return }
  foreach ($one in $found) {
    $value, $what = $one -split "\`t", 2
    $text = $lead + $value
    $quoted = if ($text -match '^[\\w./:=+,-]+$') { $text } else { "'" + $text.Replace("'", "''") + "'" }
    if (-not $what) { $what = $value }
    [System.Management.Automation.CompletionResult]::new($quoted, $value, 'ParameterValue', $what)
  }
}
`;
