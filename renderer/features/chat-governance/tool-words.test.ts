import { describe, expect, it } from 'vitest'
import { ruleGroups, toolLabel } from './tool-words.ts'

const servers = [{ slug: 'issues', name: 'Issue tracker' }]

describe('the table of rules', () => {
  it('has the tools the deployment tells of, its MCP servers, what rules name, and the rest', () => {
    const named = ['read_file', 'execute', '*', 'issues__close', 'gone__*', 'shiny_new']
    expect(
      ruleGroups(named, servers).map(({ title, rows }) => [title, rows.map(({ tool }) => tool)]),
    ).toEqual([
      ['Files and commands', ['execute']],
      ['Reading', ['read_file']],
      ['MCP servers', ['issues__*', 'issues__close', 'gone__*']],
      ['Others', ['shiny_new', '*']],
    ])
  })

  it.each([
    ['execute', 'Run commands'],
    ['issues__*', 'All tools of Issue tracker'],
    ['issues__close', 'Issue tracker: close'],
    ['gone__*', 'gone__*'],
    ['constructor', 'constructor'],
    ['*', 'Every other tool'],
  ])('calls %s "%s"', (tool, label) => {
    expect(toolLabel(tool, servers)).toBe(label)
  })
})
