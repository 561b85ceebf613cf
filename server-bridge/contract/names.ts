/**
 * What Coder accepts as a name (stable-api, "Validation rules by name"), with the words to say why it does not.
 * Forms check while typing with the same rules the local deployment enforces.
 */
import { z } from 'zod'
import { failedRule } from './shape.ts'

export interface NameRule {
  /** Coder's name of the rule, which its validation errors carry. */
  readonly tag: string
  readonly pattern: RegExp
  readonly maxLength: number
  /** Words the rule refuses although they fit the pattern. */
  readonly reserved: readonly string[]
  /** One sentence that tells a user what is accepted. */
  readonly words: string
}

const slugWords =
  'Use 1 to 32 letters and digits, with single hyphens between them; "new" and "create" are reserved.'

function slugRule(tag: string, maxLength = 32): NameRule {
  return {
    tag,
    pattern: /^[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)*$/,
    maxLength,
    reserved: ['new', 'create'],
    words: maxLength === 32 ? slugWords : slugWords.replace('32', String(maxLength)),
  }
}

function displayRule(tag: string, maxLength = 64): NameRule {
  return {
    tag,
    pattern: /^(?:\S|\S[\s\S]*\S)?$/,
    maxLength,
    reserved: [],
    words: `Use at most ${String(maxLength)} characters, without spaces at either end.`,
  }
}

export const nameRules = {
  username: slugRule('username'),
  workspaceName: slugRule('workspace_name'),
  templateName: slugRule('template_name'),
  organizationName: slugRule('organization_name'),
  groupName: slugRule('group_name', 255),
  templateVersionName: {
    tag: 'template_version_name',
    pattern: /^[a-zA-Z0-9]+(?:[_.-][a-zA-Z0-9]+)*$/,
    maxLength: 64,
    reserved: [],
    words: 'Use 1 to 64 letters and digits, with single hyphens, dots or underscores between them.',
  },
  templateDisplayName: displayRule('template_display_name'),
  userRealName: displayRule('user_real_name', 128),
} as const satisfies Record<string, NameRule>

/** The sentence that says why `value` breaks `rule`, or `undefined` when it is fine. */
export function nameProblem(rule: NameRule, value: string): string | undefined {
  const fine = value.length <= rule.maxLength && rule.pattern.test(value) && !rule.reserved.includes(value)
  return fine ? undefined : rule.words
}

/** A schema for a name, failing in Coder's words. */
export function nameSchema(rule: NameRule) {
  return z
    .string({ error: failedRule('required') })
    .refine((value) => nameProblem(rule, value) === undefined, { error: failedRule(rule.tag) })
}
