import { expect, test } from 'vitest'
import { createAppHosts } from './app-hosts.ts'

const label = 'web--dev--ada'

test('the port is that of the access URL, unless the wildcard names its own', () => {
  const hosts = createAppHosts('*.localhost', 'http://127.0.0.1:3000')
  expect(hosts.pattern).toBe('*.localhost:3000')
  expect(hosts.read(`${label}.localhost:3000`)?.origin).toBe(`http://${label}.localhost:3000`)
  expect(hosts.read(`WEB--dev--Ada.LOCALHOST:3000`)?.host).toBe(`${label}.localhost:3000`)
  for (const host of [`${label}.localhost`, `${label}.localhost:80`, `${label}.localhost:3000:3000`])
    expect(hosts.read(host)).toBeUndefined()
  expect(createAppHosts('*.localhost:81', 'http://127.0.0.1:3000').pattern).toBe('*.localhost:81')
})

test('the port that the scheme implies may be written and left out', () => {
  const hosts = createAppHosts('*--apps.example.com', 'https://coder.example.com')
  expect(hosts.pattern).toBe('*--apps.example.com')
  for (const host of [`${label}--apps.example.com`, `${label}--apps.example.com:443`])
    expect(hosts.read(host)?.origin).toBe(`https://${label}--apps.example.com`)
  for (const host of [`${label}.apps.example.com`, '--apps.example.com', `${label}--apps.example.com:80`])
    expect(hosts.read(host)).toBeUndefined()
  expect(hosts.originOf('Web--dev--Ada')).toBe(`https://${label}--apps.example.com`)
  // What is in front of the end is taken as a whole.
  expect(hosts.read('web--dev--apps.example.com')).toBeUndefined()
})

test('an address has the scheme, no user, and loses its fragment', () => {
  const hosts = createAppHosts('*.apps.example.com', 'https://coder.example.com')
  const read = (address: string) => hosts.readAddress(address)?.path
  expect(read(`https://${label}.apps.example.com:443/a%20b?c=%2F#d`)).toBe('/a%20b?c=%2F')
  expect(read(`https://${label}.apps.example.com`)).toBe('/')
  for (const address of [
    `http://${label}.apps.example.com/`,
    `https://x@${label}.apps.example.com/`,
    `https://:x@${label}.apps.example.com/`,
    `https://${label}.apps.example.com./`,
    `//${label}.apps.example.com/`,
    'https://coder.example.com/',
  ])
    expect([address, read(address)]).toEqual([address, undefined])
})
