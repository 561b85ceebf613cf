import { beforeEach, expect, it } from 'vitest'
import { dismissToast, toast, useToasts } from './toast-store.ts'

const titles = () => useToasts.getState().toasts.map(({ title }) => title)

beforeEach(() => {
  useToasts.setState({ toasts: [] })
})

it('replaces the toast with the same key and starts its time anew', () => {
  toast({ key: 'copy', title: 'Copying', progress: 0.1 })
  toast({ key: 'copy', title: 'Copied', tone: 'ok' })
  expect(titles()).toEqual(['Copied'])
  expect(useToasts.getState().toasts[0]).toMatchObject({ revision: 2, durationMs: 5000 })
})

it('keeps what still goes on, and leaves more time where there is something to do', () => {
  toast({ title: 'Copying', progress: 0.1 })
  toast({ title: 'Stopped', action: { label: 'Start again', onSelect: () => undefined } })
  expect(useToasts.getState().toasts.map(({ durationMs }) => durationMs)).toEqual([null, 10_000])
})

it('shows the newest four', () => {
  for (const title of ['a', 'b', 'c', 'd', 'e']) toast({ title })
  expect(titles()).toEqual(['b', 'c', 'd', 'e'])
})

it('goes when dismissed', () => {
  const key = toast({ title: 'a' })
  dismissToast(key)
  expect(titles()).toEqual([])
})
