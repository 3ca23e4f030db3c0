/**
 * The colors of charts. ECharts gets stand-ins that it passes on unchanged; the page has
 * CSS variables in their place, so that one drawing is right in light, dark and print.
 */
export const INK = {
  text: '#000001',
  muted: '#000002',
  line: '#000003',
  accent: '#000004',
  accentSoft: '#000005',
  overage: '#000006',
  alarm: '#000007',
} as const;

const VARIABLES: Readonly<Record<string, string>> = {
  [INK.text]: 'var(--text)',
  [INK.muted]: 'var(--muted)',
  [INK.line]: 'var(--line)',
  [INK.accent]: 'var(--accent)',
  [INK.accentSoft]: 'var(--accent-soft)',
  [INK.overage]: 'var(--overage)',
  [INK.alarm]: 'var(--alarm)',
};

/**
 * A drawing of ECharts, made fit for a page whose Content-Security-Policy refuses inline
 * styles: declarations become attributes, and what only serves the mouse is left out.
 */
export function pageSvg(drawing: string): string {
  return drawing
    .slice(drawing.indexOf('>') + 1, drawing.lastIndexOf('</svg>'))
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/<[a-z][^<>]*>/g, pageTag)
    .replace(/<rect [^<>]*fill="none"[^<>]*><\/rect>/g, '')
    .replace(/>\s+</g, '><')
    .trim();
}

/** One start tag. In the texts of a drawing `<` and `>` are escaped, so they are no tags. */
function pageTag(tag: string): string {
  return tag
    .replace(/ (?:ecmeta_[a-z_]+|class|xml:space)="[^"]*"/g, '')
    .replace(/ style="([^"]*)"/g, (_, declarations: string) => attributes(declarations))
    .replace(/ (fill|stroke)="(#00000\d)"/g, (_, name: string, ink: string) => {
      return ` ${name}="${VARIABLES[ink]}"`;
    });
}

/** `font-size:12px;font-family:inherit` as attributes; the page sets the font itself. */
function attributes(declarations: string): string {
  return declarations
    .split(';')
    .map((declaration) => declaration.split(':') as [string, string?])
    .filter(([name, value]) => value !== undefined && name !== 'font-family')
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');
}
