import { describe, expect, it } from 'vitest'
import { createScrollbackBudget } from './scrollback-budget.ts'

function holder(cells: number, isSeen: boolean) {
  return {
    cells,
    isSeen,
    dropScrollback() {
      this.cells = 10
    },
  }
}

describe('the scrollback of all terminals', () => {
  it('is left alone while it is within its budget', () => {
    const budget = createScrollbackBudget(300)
    const one = holder(300, false)
    budget.join(one)
    budget.check()
    expect(one.cells).toBe(300)
  })

  it('is taken from the biggest that nobody looks at, and from no more than it takes', () => {
    const budget = createScrollbackBudget(300)
    const [small, big, seen] = [holder(60, false), holder(90, false), holder(200, true)]
    for (const each of [seen, small, big]) budget.join(each)
    budget.check()
    expect([small.cells, big.cells, seen.cells]).toEqual([60, 10, 200])
  })

  it('is taken from those on a page only when that is not enough', () => {
    const budget = createScrollbackBudget(300)
    const [unseen, seen] = [holder(60, false), holder(400, true)]
    for (const each of [seen, unseen]) budget.join(each)
    budget.check()
    expect([unseen.cells, seen.cells]).toEqual([10, 10])
  })

  it('does not count a terminal that is closed', () => {
    const budget = createScrollbackBudget(300)
    const [one, closed] = [holder(200, false), holder(200, false)]
    budget.join(one)
    budget.join(closed)()
    budget.check()
    expect(one.cells).toBe(200)
  })
})
