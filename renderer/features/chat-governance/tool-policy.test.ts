import { describe, expect, it } from 'vitest'
import {
  ceilingOf,
  effectivePolicy,
  hasForeignPolicy,
  isWithin,
  policyWithout,
  ruleAt,
  sentRules,
  stricter,
  withRule,
} from './tool-policy.ts'

const workspaceId = '00000002-0000-4000-8000-000000000001'
const defaults = [
  { tool: 'read_file', policy: 'always' },
  { tool: 'execute', policy: 'ask' },
  { tool: '*', policy: 'ask' },
]

describe('rules for tools', () => {
  it('are added, changed in their place and taken away', () => {
    const added = withRule([{ tool: 'execute', policy: 'never' }], { tool: '*', workspaceId }, 'ask')
    expect(added).toEqual([
      { tool: 'execute', policy: 'never' },
      { tool: '*', policy: 'ask', workspace_id: workspaceId },
    ])
    expect(withRule(added, { tool: 'execute' }, 'always')[0]).toEqual({ tool: 'execute', policy: 'always' })
    expect(withRule(added, { tool: '*' }, undefined)).toEqual(added)
    expect(withRule(added, { tool: '*', workspaceId }, undefined)).toHaveLength(1)
  })

  it('decide by the most precise name, then by what holds without a rule', () => {
    const policy = {
      rules: [
        { tool: '*', policy: 'never' },
        { tool: 'issues__*', policy: 'ask' },
        { tool: 'issues__close', policy: 'always' },
      ],
      defaults,
    }
    expect(effectivePolicy(policy, 'issues__close')).toBe('always')
    expect(effectivePolicy(policy, 'issues__list')).toBe('ask')
    expect(effectivePolicy(policy, 'other__list')).toBe('never')
    expect(effectivePolicy({ rules: [], defaults }, 'read_file')).toBe('always')
    expect(effectivePolicy({ rules: [], defaults }, 'new__*')).toBe('ask')
    expect(policyWithout(policy, 'issues__close')).toBe('ask')
  })

  it('of one workspace say nothing about the others', () => {
    const rules = [{ tool: 'execute', policy: 'always', workspace_id: workspaceId }]
    expect(effectivePolicy({ rules, defaults }, 'execute')).toBe('ask')
    expect(ruleAt(rules, { tool: 'execute' })).toBeUndefined()
    expect(ruleAt(rules, { tool: 'execute', workspaceId })).toBe('always')
  })

  it('of a user cannot be laxer than those of the deployment', () => {
    const deployment = [
      { tool: 'execute', policy: 'ask' },
      { tool: 'issues__*', policy: 'never' },
    ]
    expect(ceilingOf(deployment, 'execute')).toBe('ask')
    expect(ceilingOf(deployment, 'issues__close')).toBe('never')
    expect(ceilingOf(deployment, 'read_file')).toBe('always')
    expect(isWithin('always', 'ask')).toBe(false)
    expect(isWithin('never', 'ask')).toBe(true)
    expect(stricter('always', 'ask')).toBe('ask')
  })

  it('with words of a later server are not written back', () => {
    const rules = [{ tool: 'execute', policy: 'twice' }]
    expect(hasForeignPolicy({ rules, defaults })).toBe(true)
    expect(sentRules(rules)).toEqual([])
  })
})
