/** The text as one word of a command line, quoted if necessary. */
export function shellWord(text: string): string {
  return /^[\w./~:@%+=,-]+$/.test(text) ? text : singleQuoted(text);
}

/** The text in single quotes, as bash and zsh read them. */
function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
