import { expect, it } from 'vitest'
import type { Command } from '../../../lib/commands/command-store.ts'
import { paletteResults } from './palette-results.ts'

const command = (id: string, title: string, group: string, more: Partial<Command> = {}): Command => ({
  id,
  title,
  group,
  run: () => undefined,
  ...more,
})
const commands = [
  command('1', 'payments-api', 'Workspaces', { detail: 'go-service, running' }),
  command('2', 'web-storefront', 'Workspaces'),
  command('3', 'Extend payments-api by 1 h', 'Actions'),
  command('4', 'Settings', 'Go to', { keywords: 'preferences theme' }),
]
const shown = (query: string, recent: readonly string[] = []) =>
  paletteResults(commands, query, recent).map(({ title, hits }) => [
    title,
    hits.map(({ command: { id } }) => id),
  ])

it('shows recent commands first while nothing is typed, and none twice', () => {
  expect(shown('', ['4', 'gone'])).toEqual([
    ['Recent', ['4']],
    ['Workspaces', ['1', '2']],
    ['Actions', ['3']],
  ])
})

it('puts the best match and its group first', () => {
  expect(shown('pay')).toEqual([
    ['Workspaces', ['1']],
    ['Actions', ['3']],
  ])
})

it('finds by other words and by details', () => {
  expect(shown('theme')).toEqual([['Go to', ['4']]])
  expect(shown('go-service')).toEqual([['Workspaces', ['1']]])
})

it('answers nothing for what is not there', () => {
  expect(shown('zzz')).toEqual([])
})

it('shows a command once when two places bring it', () => {
  const twice = [...commands, command('1', 'payments-api', 'Workspaces')]
  expect(paletteResults(twice, 'payments-api', []).flatMap(({ hits }) => hits)).toHaveLength(2)
})
