import { expect, it } from 'vitest'
import { eachPage } from './pages.ts'

async function read(rows: readonly number[], options: { readonly cap?: number; readonly count?: number }) {
  const asked: number[] = []
  const all: number[] = []
  const pages = eachPage(({ limit, offset }) => {
    asked.push(offset)
    const items = rows.slice(offset, offset + Math.min(limit, options.cap ?? limit))
    return Promise.resolve(options.count === undefined ? { items } : { items, count: options.count })
  }, 10)
  for await (const page of pages) all.push(...page)
  return { all, asked }
}

const rows = Array.from({ length: 25 }, (_, index) => index)

it('goes on where a server gives less than was asked for', async () => {
  expect((await read(rows, { cap: 4, count: 25 })).all).toEqual(rows)
})

it('ends at an empty page when rows vanish under it', async () => {
  expect(await read(rows, { count: 40 })).toEqual({ all: rows, asked: [0, 10, 20, 25] })
})

it('ends at a short page where no count is told', async () => {
  expect((await read(rows, {})).asked).toEqual([0, 10, 20])
})
