import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toolPolicies, type ToolPolicy } from '../../../contract/chats-approvals.ts'
import {
  changesSomething,
  defaultPolicies,
  isRuleName,
  type PolicyCall,
  type PolicyRule,
  policyOf,
  type PolicySources,
} from './tool-policy.ts'

const HERE = 'workspace-here'
const rule = (text: string): PolicyRule => {
  const [tool = '', policy = '', workspaceId = null] = text.split(' ')
  return { tool, policy: policy as ToolPolicy, workspaceId }
}
const sources = (given: { [K in keyof PolicySources]?: readonly string[] }): PolicySources => ({
  deployment: (given.deployment ?? []).map(rule),
  user: (given.user ?? []).map(rule),
  chat: (given.chat ?? []).map(rule),
})
const policy = (
  tool: string,
  given: Parameters<typeof sources>[0] = {},
  more: Partial<PolicyCall> = {},
): ToolPolicy =>
  policyOf({ tool, serverRule: undefined, workspaceId: HERE, isPlanning: false, ...more }, sources(given))

describe('the policy of a call', () => {
  it.each([
    ['read_file', 'always'],
    ['ask_user_question', 'always'],
    ['spawn_agent', 'always'],
    ['write_file', 'ask'],
    ['execute', 'ask'],
    ['process_signal', 'ask'],
    ['create_workspace', 'ask'],
    ['github__list_issues', 'ask'],
    ['constructor', 'ask'],
    ['something_new', 'ask'],
  ] as const)('of %s is %s where nobody has a rule', (tool, expected) => {
    expect(policy(tool)).toBe(expected)
    expect(changesSomething(tool)).toBe(expected !== 'always')
  })

  it.each<[string, Parameters<typeof sources>[0], ToolPolicy]>([
    ['a rule of its own', { user: ['execute always'] }, 'always'],
    ['the more precise name', { user: ['* always', 'execute never'] }, 'never'],
    ['all tools', { user: ['* never'] }, 'never'],
    ['the rule for the workspace', { user: ['execute never', `* always ${HERE}`] }, 'always'],
    ['no rule for another workspace', { user: ['execute always elsewhere'] }, 'ask'],
    ['the chat', { chat: ['execute always'] }, 'always'],
    ['the chat, against a rule to ask', { chat: ['execute always'], user: ['execute ask'] }, 'always'],
    ['the own never, against the chat', { chat: ['execute always'], user: ['execute never'] }, 'never'],
    ['the deployment: never', { deployment: ['* never'], user: ['execute always'] }, 'never'],
    ['the deployment: ask', { deployment: ['execute ask'], user: [`* always ${HERE}`] }, 'ask'],
    ['the deployment: ask, for the chat', { deployment: ['execute ask'], chat: ['execute always'] }, 'ask'],
    ['the deployment: always', { deployment: ['execute always'] }, 'always'],
    ['a stricter own rule', { deployment: ['execute always'], user: ['execute never'] }, 'never'],
    ['an exception of the deployment', { deployment: ['* never', 'execute always'] }, 'always'],
    ['the deployment, in this workspace', { deployment: ['* always', `* never ${HERE}`] }, 'never'],
  ])('follows %s', (_, given, expected) => {
    expect(policy('execute', given)).toBe(expected)
  })

  it('is that of the MCP server for all its tools, and of one before that', () => {
    const user = ['github__* always', 'github__delete never', '* ask']
    const github = { serverRule: 'github__*' }
    expect(policy('github__list', { user }, github)).toBe('always')
    expect(policy('github__delete', { user }, github)).toBe('never')
    expect(policy('gitlab__list', { user }, { serverRule: 'gitlab__*' })).toBe('ask')
  })

  it('is not that of a server whose name another’s only begins with', () => {
    const user = ['github__* always']
    expect(policy('github__prod__delete', { user }, { serverRule: 'github__prod__*' })).toBe('ask')
    expect(policy('github__prod__delete', { user })).toBe('ask')
    expect(policy('github__prod__delete', { user: ['github__prod__* never'] })).toBe('ask')
  })

  it('lets the file of a plan be written without asking, unless somebody wants to be asked', () => {
    const planning = { isPlanning: true }
    expect(policy('write_file', {}, planning)).toBe('always')
    expect(policy('execute', {}, planning)).toBe('ask')
    expect(policy('write_file', { user: ['write_file ask'] }, planning)).toBe('ask')
    expect(policy('write_file', { deployment: ['* ask'] }, planning)).toBe('ask')
  })

  it('is never laxer than that of the deployment', () => {
    const strictness = (one: ToolPolicy): number => toolPolicies.indexOf(one)
    const rules = fc.array(
      fc.record({
        tool: fc.constantFrom('execute', 'write_file', 'a__b', 'a__*', '*'),
        policy: fc.constantFrom(...toolPolicies),
        workspaceId: fc.constantFrom(null, HERE, 'elsewhere'),
      }),
      { maxLength: 6 },
    )
    const tool = fc.constantFrom('execute', 'write_file', 'read_file', 'a__b', 'a__c')
    fc.assert(
      fc.property(tool, rules, rules, rules, fc.boolean(), (name, deployment, user, chat, isPlanning) => {
        const serverRule = name.startsWith('a__') ? 'a__*' : undefined
        const call = { tool: name, serverRule, workspaceId: HERE, isPlanning }
        const given = policyOf(call, { deployment, user, chat })
        const floor = policyOf(call, { deployment, user: [], chat: [] })
        const spoke = policyOf(call, { deployment, user: [rule('* always')], chat: [] })
        // What the deployment alone allows at most, once its users have said that they want no question.
        expect(strictness(given)).toBeGreaterThanOrEqual(Math.min(strictness(floor), strictness(spoke)))
        if (policyOf(call, { deployment: [], user, chat: [] }) === 'never') expect(given).toBe('never')
      }),
    )
  })

  it('knows what can be the name in a rule', () => {
    for (const name of ['*', 'execute', 'git-hub__*', ...Object.keys(defaultPolicies)])
      expect(isRuleName(name)).toBe(true)
    for (const name of ['', 'exec*', 'a b', 'x'.repeat(65), '**', '__']) {
      expect([name, isRuleName(name)]).toEqual([name, name === '__'])
    }
  })
})
