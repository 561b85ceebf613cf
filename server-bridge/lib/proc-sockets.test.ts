import { expect, test } from 'vitest'
import { parseSocketTable } from './proc-sockets.ts'

test('reads the listening sockets of the kernel’s tables', () => {
  const header =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
  const rest = '00000000:00000000 00:00000000 00000000  1000        0'
  const text = [
    header,
    `   0: 0100007F:1F90 00000000:0000 0A ${rest} 4242 1 0000000000000000 100 0 0 10 0`,
    `   1: 0100007F:1F90 0100007F:C350 01 ${rest} 4243 1 0000000000000000 20 4 30 10 -1`,
    `   2: 00000000000000000000000001000000:0BB8 00000000000000000000000000000000:0000 0A ${rest} 77 1`,
    '',
  ].join('\n')
  expect(parseSocketTable(text)).toEqual([
    ['4242', 8080],
    ['77', 3000],
  ])
  expect(parseSocketTable('')).toEqual([])
})
