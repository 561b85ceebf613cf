import { cleanPrompt } from './clean-prompt.ts'

/** What the front matter of a skill says of it, without what nobody sees. Empty: it says nothing. */
export function readSkillHead(block: string): { readonly name: string; readonly description: string } {
  const valueOf = (key: string): string => {
    const line = new RegExp(`^${key}:\\s*(.*?)\\s*$`, 'm').exec(block)?.[1] ?? ''
    return cleanPrompt(/^"(.*)"$/.exec(line)?.[1] ?? /^'(.*)'$/.exec(line)?.[1] ?? line)
  }
  return { name: valueOf('name'), description: valueOf('description') }
}
