/** The simple `key: value` lines between the `---` marks at the head of a README, as Coder's examples have them. */
export function parseFrontMatter(text: string): Readonly<Record<string, string>> {
  const block = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? ''
  const values: Record<string, string> = {}
  for (const line of block.split(/\r?\n/)) {
    const match = /^([a-z_]+):\s*(.*?)\s*$/.exec(line)
    if (match?.[1] !== undefined) values[match[1]] = (match[2] ?? '').replaceAll(/^["']|["']$/g, '')
  }
  return values
}
