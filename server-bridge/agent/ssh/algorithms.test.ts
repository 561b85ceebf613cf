import { getCiphers, getCurves } from 'node:crypto'
import { expect, test } from 'vitest'
import { sshAlgorithms } from './algorithms.ts'

test('names nothing weak, and AES-GCM first', () => {
  const all = Object.values(sshAlgorithms).flat()
  expect(all.filter((name) => /sha1|md5|cbc|arcfour|3des|group1-|group14|dss|zlib/.test(name))).toEqual([])
  expect(sshAlgorithms.cipher[0]).toContain('gcm')
})

test('needs of the runtime only what BoringSSL has as well', () => {
  const boring = /^aes(?:128|192|256)-(?:gcm@openssh\.com|ctr)$/
  expect(sshAlgorithms.cipher.filter((name) => !boring.test(name))).toEqual([])
  expect(getCiphers()).toEqual(expect.arrayContaining(['aes-128-gcm', 'aes-256-gcm', 'aes-128-ctr']))
  expect(getCurves()).toEqual(expect.arrayContaining(['secp384r1', 'secp521r1']))
})
