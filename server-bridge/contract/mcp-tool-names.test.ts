import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { haveSharedToolNames, mcpServerRule, mcpToolName } from './mcp-tool-names.ts'

describe('the names of tools of MCP servers', () => {
  it.each([
    ['gh', 'issue', 'gh__issue', 'gh__*'],
    ['a.b', 'c d', 'a_b__c_d', 'a_b__*'],
    ['x'.repeat(70), 'y', 'x'.repeat(64), `${'x'.repeat(64)}*`],
  ])('are of its slug %s', (slug, tool, name, rule) => {
    expect([mcpToolName(slug, tool), mcpServerRule(slug)]).toEqual([name, rule])
  })

  it.each([
    ['gh', 'gh__prod', true],
    ['gh', 'GH__prod', true],
    ['gh', 'gh_', true],
    ['a.b', 'a_b', true],
    ['a.b', 'a-b', false],
    ['gh', 'gh-prod', false],
    ['gh', 'gh_prod', false],
    ['x'.repeat(64), 'x'.repeat(65), true],
    ['x'.repeat(63), 'x'.repeat(62), false],
  ])('of %s and %s may be the same: %s', (slug, other, expected) => {
    expect(haveSharedToolNames(slug, other)).toBe(expected)
    expect(haveSharedToolNames(other, slug)).toBe(expected)
  })

  it('differ wherever two slugs are said to have none in common', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '_', '.', '-'), minLength: 1, maxLength: 70 })
    fc.assert(
      fc.property(text, text, text, text, (slug, other, tool, otherTool) => {
        fc.pre(!haveSharedToolNames(slug, other))
        expect(mcpToolName(slug, tool)).not.toBe(mcpToolName(other, otherTool))
      }),
    )
  })
})
