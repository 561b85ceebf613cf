import { splitFrontMatter } from '../lib/split-front-matter.ts'

/** What a template's README says about it between its two `---` lines, as in Coder's registry. */
export interface FrontMatter {
  readonly displayName: string
  readonly description: string
  readonly icon: string
  readonly tags: readonly string[]
}

/** Reads the few keys we use; anything else in the block is left alone. */
export function readFrontMatter(readme: string): FrontMatter {
  const values = new Map<string, string>()
  const lists = new Map<string, string[]>()
  let open = ''
  for (const line of splitFrontMatter(readme).block.split(/\r?\n/)) {
    const item = /^\s*-\s+(.*?)\s*$/.exec(line)?.[1]
    if (item !== undefined) {
      lists.set(open, [...(lists.get(open) ?? []), unquote(item)])
      continue
    }
    const [, key, value] = /^(\w+):\s*(.*?)\s*$/.exec(line) ?? []
    if (key === undefined || value === undefined) continue
    open = key
    values.set(key, unquote(value))
  }
  return {
    displayName: values.get('display_name') ?? '',
    description: values.get('description') ?? '',
    icon: values.get('icon') ?? '',
    tags: lists.get('tags') ?? readInlineList(values.get('tags') ?? ''),
  }
}

function readInlineList(text: string): string[] {
  const inner = /^\[(.*)\]$/.exec(text)?.[1]
  return (inner ?? '')
    .split(',')
    .map((item) => unquote(item.trim()))
    .filter((item) => item !== '')
}

function unquote(text: string): string {
  return /^"(.*)"$/.exec(text)?.[1] ?? /^'(.*)'$/.exec(text)?.[1] ?? text
}
