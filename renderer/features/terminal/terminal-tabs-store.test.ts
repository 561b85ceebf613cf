import { describe, expect, it } from 'vitest'
import { sampleId } from '../../testing/wire-samples.ts'
import {
  addTab,
  createTerminalTabsStore,
  neighbourKey,
  removeTab,
  tabLabels,
  type TerminalTab,
} from './terminal-tabs-store.ts'

function tab(key: string): TerminalTab {
  return {
    key,
    terminalId: sampleId(70),
    deploymentId: 'local',
    workspaceId: sampleId(2),
    workspaceName: 'api',
    agentId: sampleId(6),
    agentName: 'main',
    showAgent: false,
    title: '',
  }
}

const three = ['a', 'b', 'c'].map(tab)
const stored = (value: string | null) =>
  createTerminalTabsStore({ getItem: () => value, setItem: () => undefined })

describe('terminal tabs', () => {
  it('show the right neighbour of a closed one, else the left one', () => {
    const state = { tabs: three, activeKey: 'b', drawerOpen: true }
    expect(removeTab(state, 'b').activeKey).toBe('c')
    expect(removeTab({ ...state, activeKey: 'c' }, 'c').activeKey).toBe('b')
    expect(removeTab(state, 'a').activeKey).toBe('b')
  })

  it('close the drawer with the last one', () => {
    expect(removeTab({ tabs: [tab('a')], activeKey: 'a', drawerOpen: true }, 'a')).toEqual({
      tabs: [],
      activeKey: undefined,
      drawerOpen: false,
    })
  })

  it('are walked through round the ends', () => {
    expect(neighbourKey(three, 'c', 1)).toBe('a')
    expect(neighbourKey(three, 'a', -1)).toBe('c')
    expect(neighbourKey([], undefined, 1)).toBeUndefined()
  })

  it('are told apart by a number when they have the same name', () => {
    const titled = { ...tab('d'), title: 'vim' }
    expect([...tabLabels([...three, titled]).values()]).toEqual(['api', 'api (2)', 'api (3)', 'api: vim'])
  })

  it.each([null, '', '{', '[]', '{"tabs":7}', '{"tabs":[{"key":1}]}'])('start empty from %j', (text) => {
    expect(stored(text).getState()).toEqual({ tabs: [], activeKey: undefined, drawerOpen: false })
  })

  it('come back as they were, without the broken ones', () => {
    const state = addTab({ tabs: [], activeKey: undefined, drawerOpen: true }, tab('a'))
    const text = JSON.stringify({ ...state, tabs: [...state.tabs, { key: 'broken' }] })
    expect(stored(text).getState()).toEqual(state)
  })
})
