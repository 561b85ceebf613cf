import { describe, expect, it } from 'vitest'
import { nameProblem, nameRules, nameSchema } from './names.ts'

describe('names', () => {
  it.each([
    ['workspaceName', 'dev'],
    ['workspaceName', 'a-b-C9'],
    ['workspaceName', 'a'.repeat(32)],
    ['groupName', 'a'.repeat(255)],
    ['templateVersionName', 'v1.2_3-rc'],
    ['templateDisplayName', ''],
    ['templateDisplayName', 'Two words'],
    ['userRealName', 'Zoë Ångström'],
  ] as const)('take a %s of %j', (rule, value) => {
    expect(nameProblem(nameRules[rule], value)).toBeUndefined()
  })

  it.each([
    ['workspaceName', ''],
    ['workspaceName', 'a'.repeat(33)],
    ['workspaceName', '-a'],
    ['workspaceName', 'a-'],
    ['workspaceName', 'a--b'],
    ['workspaceName', 'a b'],
    ['workspaceName', 'a/b'],
    ['workspaceName', 'ä'],
    ['workspaceName', 'new'],
    ['workspaceName', 'create'],
    ['workspaceName', 'a\n'],
    ['templateVersionName', 'a..b'],
    ['templateVersionName', 'a'.repeat(65)],
    ['templateDisplayName', ' a'],
    ['templateDisplayName', 'a '],
    ['userRealName', 'a'.repeat(129)],
  ] as const)('refuse a %s of %j, in words', (rule, value) => {
    expect(nameProblem(nameRules[rule], value)).toMatch(/^Use .*\.$/)
  })

  it("fail in Coder's words", () => {
    const result = nameSchema(nameRules.workspaceName).safeParse('a b')
    expect(result.error?.issues[0]?.message).toBe(
      'Validation failed for tag "workspace_name" with value: "a b"',
    )
    expect(nameSchema(nameRules.username).safeParse(undefined).error?.issues[0]?.message).toBe(
      'Validation failed for tag "required" with value: ""',
    )
  })
})
