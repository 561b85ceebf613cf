/** What a template's README says about it between its two `---` lines, as in Coder's registry. */
export interface FrontMatter {
  readonly displayName: string
  readonly description: string
  readonly icon: string
  readonly tags: readonly string[]
}

/** Reads the few keys we use; anything else in the block is left alone. */
export function readFrontMatter(readme: string): FrontMatter {
  const block = /^---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|$)/.exec(readme)?.[1] ?? ''
  const values = new Map<string, string>()
  for (const line of block.split(/\r?\n/)) {
    const [, key, value] = /^(\w+):\s*(.*?)\s*$/.exec(line) ?? []
    if (key !== undefined && value !== undefined) values.set(key, unquote(value))
  }
  return {
    displayName: values.get('display_name') ?? '',
    description: values.get('description') ?? '',
    icon: values.get('icon') ?? '',
    tags: readList(values.get('tags') ?? ''),
  }
}

function readList(text: string): string[] {
  const inner = /^\[(.*)\]$/.exec(text)?.[1]
  return (inner ?? '')
    .split(',')
    .map((item) => unquote(item.trim()))
    .filter((item) => item !== '')
}

function unquote(text: string): string {
  return /^"(.*)"$/.exec(text)?.[1] ?? /^'(.*)'$/.exec(text)?.[1] ?? text
}
