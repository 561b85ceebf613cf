import { expect, it } from 'vitest'
import { serverVersion } from './version.ts'

it('parses as a semantic version of the Coder release whose API is spoken', () => {
  expect(serverVersion).toMatch(/^v2\.\d+\.\d+-devel\+outpost\.\d+\.\d+\.\d+$/)
})
