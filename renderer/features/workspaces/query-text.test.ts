import { describe, expect, it } from 'vitest'
import { filterValue, withFilter } from './query-text.ts'

describe('the filter menus and the query', () => {
  it('read what the user typed', () => {
    expect(filterValue('api status:running', 'status')).toBe('running')
    expect(filterValue('template:"go service"', 'template')).toBe('go service')
    expect(filterValue('api', 'status')).toBeUndefined()
  })

  it('replace their own term only', () => {
    expect(withFilter('api status:running owner:me', 'status', 'failed')).toBe('status:failed api owner:me')
    expect(withFilter('status:running api', 'status', undefined)).toBe('api')
  })

  it('quote values with spaces', () => {
    expect(withFilter('', 'template', 'go service')).toBe('template:"go service"')
  })
})
