import { plainText } from '../../lib/plain-text.ts'

/** The choice that says nothing: the deployment decides. */
export const unsaid = ''

const names: Readonly<Record<string, string>> = {
  [unsaid]: 'Default',
  none: 'None',
  minimal: 'Minimal',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  xhigh: 'Extra high',
  max: 'Max',
}

/** An effort in words; one that is not known is called as the deployment calls it. */
export function effortName(effort: string): string {
  return (Object.hasOwn(names, effort) ? names[effort] : undefined) ?? plainText(effort, 20)
}
