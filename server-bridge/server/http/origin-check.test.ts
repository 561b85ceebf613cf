import { expect, it } from 'vitest'
import { foreignRequestReason } from './origin-check.ts'

const allowed = (host: string | null, origin: string | null, port = 4000): boolean =>
  foreignRequestReason(host, origin, port) === undefined

it('answers to loopback names with the right port only', () => {
  for (const host of ['127.0.0.1:4000', 'localhost:4000', 'LOCALHOST:4000', '[::1]:4000']) {
    expect(allowed(host, null)).toBe(true)
  }
  for (const host of [
    null,
    '',
    '127.0.0.1',
    'localhost:4001',
    'evil.example:4000',
    '127.0.0.1:4000.evil.example',
  ]) {
    expect(allowed(host, null)).toBe(false)
  }
  expect(allowed('localhost', null, 80)).toBe(true)
})

it('takes an origin only when it is the address that was asked', () => {
  expect(allowed('127.0.0.1:4000', 'http://127.0.0.1:4000')).toBe(true)
  for (const origin of [
    'http://localhost:4000',
    'https://127.0.0.1:4000',
    'null',
    '',
    'http://127.0.0.1:40000',
  ]) {
    expect(allowed('127.0.0.1:4000', origin)).toBe(false)
  }
})
