import { describe, expect, it } from 'vitest'
import { sampleId } from '../../testing/wire-samples.ts'
import {
  addPane,
  addTab,
  activateTab,
  changeGroup,
  groupLabels,
  groupOf,
  moveGroup,
  neighbourKey,
  noTerminals,
  removeTab,
  type TerminalTab,
  type TerminalTabs,
} from './terminal-groups.ts'
import { paneKeys } from './terminal-layout.ts'
import { createTerminalTabsStore } from './terminal-tabs-store.ts'

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
    command: '',
    profile: '',
  }
}

const three = ['a', 'b', 'c'].map(tab).reduce(addTab, { ...noTerminals, drawerOpen: true })
const stored = (value: string | null) =>
  createTerminalTabsStore({ getItem: () => value, setItem: () => undefined })
const order = ({ groups }: TerminalTabs) => groups.map(({ id }) => id).join('')
const split = (state: TerminalTabs, besideKey: string, key: string) =>
  addPane(state, { besideKey, direction: 'row', tab: tab(key) })

describe('terminal tabs', () => {
  it('show the right neighbour of a closed one, else the left one', () => {
    const state = activateTab(three, 'b')
    expect(removeTab(state, 'b', 0).activeKey).toBe('c')
    expect(removeTab(three, 'c', 0).activeKey).toBe('b')
    expect(removeTab(state, 'a', 0).activeKey).toBe('b')
  })

  it('close the drawer with the last one, which can be reopened', () => {
    const one = addTab({ ...noTerminals, drawerOpen: true }, tab('a'))
    const closed = [{ tab: tab('a'), closedAt: 7 }]
    expect(removeTab(one, 'a', 7)).toEqual({ ...noTerminals, closed })
    expect(addTab({ ...noTerminals, closed }, tab('b')).closed).toEqual([])
  })

  it('are walked through round the ends', () => {
    expect(neighbourKey(three, 1)).toBe('a')
    expect(neighbourKey(activateTab(three, 'a'), -1)).toBe('c')
    expect(neighbourKey(noTerminals, 1)).toBeUndefined()
  })

  it('are told apart by a number when they have the same name, and have the name they were given', () => {
    const state = changeGroup(addTab(three, { ...tab('d'), title: 'vim' }), 'b', { name: 'logs' })
    expect([...groupLabels(state).values()]).toEqual(['api', 'logs', 'api (2)', 'api: vim'])
  })

  it('are moved, and not past the ends', () => {
    expect(order(moveGroup(three, 'a', 1))).toBe('bac')
    expect(order(moveGroup(three, 'a', 9))).toBe('bca')
    expect(order(moveGroup(three, 'c', -1))).toBe('cab')
    expect(order(moveGroup(three, 'x', 0))).toBe('abc')
  })

  it('hold several terminals, and one that is closed leaves the keyboard to another', () => {
    const state = split(split(three, 'b', 'd'), 'd', 'e')
    expect(order(state)).toBe('abc')
    expect(groupOf(state, 'e')?.id).toBe('b')
    const rest = removeTab(state, 'e', 0)
    expect([rest.activeKey, groupOf(rest, 'b')?.focusKey]).toEqual(['b', 'b'])
    expect(removeTab(removeTab(rest, 'b', 0), 'd', 0).activeKey).toBe('c')
  })

  it('are not typed into together any more once there is one', () => {
    const state = changeGroup(split(three, 'c', 'd'), 'c', { broadcast: true })
    expect(groupOf(removeTab(state, 'd', 0), 'c')?.broadcast).toBe(false)
  })
})

describe('stored terminal tabs', () => {
  it.each([null, '', '{', '[]', '{"tabs":7}', '{"tabs":[{"key":1}]}', '{"tabs":[],"groups":7,"closed":"x"}'])(
    'start empty from %j',
    (text) => {
      expect(stored(text).getState()).toEqual(noTerminals)
    },
  )

  it('come back as they were, without the broken ones', () => {
    const state = { ...split(three, 'b', 'd'), closed: [{ tab: tab('z'), closedAt: 5 }] }
    const text = JSON.stringify({
      ...state,
      tabs: [...state.tabs, { key: 'broken' }],
      closed: [...state.closed, { closedAt: 'x' }],
    })
    expect(stored(text).getState()).toEqual(state)
  })

  it('have each terminal in one tab, whatever was written', () => {
    const state = split(three, 'b', 'd')
    const [first] = state.groups
    const groups = [first, first, null, { layout: { kind: 'pane', key: 'gone' } }]
    const { groups: restored } = stored(JSON.stringify({ ...state, groups })).getState()
    expect(restored.flatMap(({ layout }) => paneKeys(layout)).toSorted()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('of a version without splits come back', () => {
    const { tabs, activeKey, drawerOpen } = three
    expect(stored(JSON.stringify({ tabs, activeKey, drawerOpen })).getState()).toEqual(three)
  })

  it('never start with typing into several terminals at once', () => {
    const state = changeGroup(split(three, 'c', 'd'), 'c', { broadcast: true })
    expect(
      stored(JSON.stringify(state))
        .getState()
        .groups.some(({ broadcast }) => broadcast),
    ).toBe(false)
  })
})
