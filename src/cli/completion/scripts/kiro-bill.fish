# kiro-bill: completion for fish. Save this as ~/.config/fish/completions/kiro-bill.fish.

function __kiro_bill_complete
    set -l words (commandline -opc) (commandline -ct | string unescape 2>/dev/null; or commandline -ct)
    test (count $words) -ge 2; or set -a words ''
    set -l answer (command kiro-bill complete -- $words[2..-1] 2>/dev/null)
    set -l lead (string match -r -- '^--[^=]+=' $words[-1])
    switch "$answer[1]"
        case files
            __fish_complete_path (string replace -r -- '^--[^=]+=' '' $words[-1])
        case directories
            __fish_complete_directories (string replace -r -- '^--[^=]+=' '' $words[-1]) ''
        case '*'
            for line in $answer[2..-1]
                printf '%s%s\n' "$lead" $line
            end
    end
end

complete -c kiro-bill -f -a '(__kiro_bill_complete)'
