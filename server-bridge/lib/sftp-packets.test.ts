import { expect, test } from 'vitest'
import {
  encodePacket,
  maxPacketBytes,
  PacketReader,
  PacketSplitter,
  SftpProtocolError,
  string,
  uint32,
  uint64,
} from './sftp-packets.ts'

test('finds the same packets however the stream is cut', () => {
  const packets = [
    encodePacket(1, uint32(3)),
    encodePacket(6, string(Buffer.alloc(5000, 'x'))),
    encodePacket(4),
  ]
  const stream = Buffer.concat(packets)
  for (const size of [1, 2, 3, 5, 7, 4096, stream.length]) {
    const splitter = new PacketSplitter()
    const found: Buffer[] = []
    for (let at = 0; at < stream.length; at += size) {
      splitter.push(stream.subarray(at, at + size))
      for (let packet = splitter.next(); packet !== undefined; packet = splitter.next()) found.push(packet)
    }
    expect(found.map((packet) => packet.toString('hex'))).toEqual(
      packets.map((packet) => packet.subarray(4).toString('hex')),
    )
    expect(splitter.waitingBytes).toBe(0)
  }
})

test('refuses packets of impossible lengths', () => {
  for (const length of [0, maxPacketBytes + 1, 0xffff_ffff]) {
    const splitter = new PacketSplitter()
    splitter.push(uint32(length))
    expect(() => splitter.next()).toThrow(SftpProtocolError)
  }
})

test('reads fields in their order and never beyond the packet', () => {
  const reader = new PacketReader(
    Buffer.concat([Buffer.from([9]), uint32(7), uint64(2 ** 40), string('name')]),
  )
  expect([reader.byte(), reader.uint32(), reader.uint64(), reader.text()]).toEqual([9, 7, 2 ** 40, 'name'])
  expect(reader.isAtEnd).toBe(true)
  expect(() => reader.byte()).toThrow(SftpProtocolError)
  expect(() => new PacketReader(uint32(5)).bytes()).toThrow(SftpProtocolError)
  expect(() => new PacketReader(Buffer.alloc(8, 0xff)).uint64()).toThrow(SftpProtocolError)
})
