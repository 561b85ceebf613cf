import { expect, it } from 'vitest'
import { foreignRequestReason, ownAddress } from './origin-check.ts'

const allowed = (host: string | null, origin: string | null, port = 4000): boolean =>
  foreignRequestReason(host, origin, ownAddress(`http://127.0.0.1:${port}`, [`http://127.0.0.1:${port}`])) ===
  undefined

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

it('answers to its access URL, whose pages speak its own scheme', () => {
  const address = ownAddress('https://coder.example.com', ['http://127.0.0.1:3000'])
  const reason = (host: string, origin: string | null) => foreignRequestReason(host, origin, address)
  expect(reason('coder.example.com', null)).toBeUndefined()
  expect(reason('coder.example.com:443', 'https://coder.example.com')).toBeUndefined()
  expect(reason('127.0.0.1:3000', null)).toBeUndefined()
  expect(reason('coder.example.com', 'http://coder.example.com')).toMatch(/another origin/)
  expect(reason('coder.example.com', 'http://127.0.0.1:3000')).toMatch(/another origin/)
  expect(reason('coder.example.com:3000', null)).toMatch(/its own address/)
})
