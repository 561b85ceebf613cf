/** Coder's rule for workspace names: words of letters and digits joined by single hyphens, at most 32 characters. */
const pattern = /^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$/
const maxLength = 32
const reserved = new Set(['new', 'create'])

export interface NameProblem {
  /** One sentence. */
  readonly message: string
  /** A name that would do, made of what was typed. */
  readonly suggestion: string | undefined
}

/** Why a name will not do; `undefined` when it will. */
export function nameProblem(name: string, taken: ReadonlySet<string>): NameProblem | undefined {
  const message = reason(name, taken)
  if (message === undefined) return undefined
  const suggestion = suggestName(name, taken)
  return { message, suggestion: suggestion === name ? undefined : suggestion }
}

function reason(name: string, taken: ReadonlySet<string>): string | undefined {
  if (name === '') return 'A workspace needs a name.'
  if (/\s/.test(name)) return 'No spaces in a name.'
  if (name.length > maxLength) return `At most ${maxLength} characters; these are ${name.length}.`
  if (reserved.has(name.toLowerCase())) return `“${name}” is a reserved word.`
  if (!pattern.test(name)) return 'Use letters, digits and single hyphens between them.'
  if (taken.has(name.toLowerCase())) return `You have a workspace named ${name} already.`
  return undefined
}

/** A valid, free name close to the given text; `undefined` when nothing of it can be used. */
export function suggestName(text: string, taken: ReadonlySet<string>): string | undefined {
  const base = text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^a-zA-Z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, maxLength)
    .replace(/-+$/, '')
  if (base === '') return undefined
  const isFree = (name: string): boolean =>
    !taken.has(name.toLowerCase()) && !reserved.has(name.toLowerCase())
  if (isFree(base)) return base
  for (let count = 2; ; count += 1) {
    const end = `-${count}`
    const name = `${base.slice(0, maxLength - end.length).replace(/-+$/, '')}${end}`
    if (isFree(name)) return name
  }
}
