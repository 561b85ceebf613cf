/** A markdown file in two: the lines between the first two `---`, and what follows them. */
export function splitFrontMatter(text: string): { readonly block: string; readonly content: string } {
  const found = /^---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|$)/.exec(text)
  return { block: found?.[1] ?? '', content: text.slice(found?.[0].length ?? 0).replace(/^\s*\n/, '') }
}
