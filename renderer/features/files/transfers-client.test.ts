import { expect, it } from 'vitest'
import { createFakePort } from '../../testing/fake-port.ts'
import { sampleTransfer } from '../../testing/file-samples.ts'
import { sampleId } from '../../testing/wire-samples.ts'
import { createTransfersClient } from './transfers-client.ts'

const start = {
  localId: sampleId(50),
  place: { deploymentId: 'local', workspaceId: sampleId(2) },
  onConflict: 'ask',
  folder: '/home',
} as const

it('watches from the start and again with each new port, and keeps the order of the list', () => {
  const port = createFakePort()
  const { store } = createTransfersClient(port, () => sampleId(51))
  port.connect()
  expect(port.sent).toEqual([{ type: 'transfers-watch' }, { type: 'transfers-watch' }])
  const [one, two] = [sampleTransfer(1), sampleTransfer(2)]
  port.receive({ type: 'transfers-changed', isAll: true, transfers: [one, two], gone: [] })
  const changed = { ...one, bytesDone: 7 }
  port.receive({ type: 'transfers-changed', isAll: false, transfers: [changed], gone: [] })
  expect(store.getState()).toEqual([changed, two])
  port.receive({ type: 'transfers-changed', isAll: false, transfers: [], gone: [one.transferId] })
  expect(store.getState()).toEqual([two])
})

it('answers which transfers were begun, or says why none were', async () => {
  const port = createFakePort()
  let count = 0
  const transfers = createTransfersClient(port, () => sampleId(51, (count += 1)))
  const begun = transfers.upload(start)
  port.receive({ type: 'transfers-begun', requestId: sampleId(51, 1), transferIds: ['x'] })
  expect(await begun).toEqual(['x'])
  const refused = transfers.upload(start)
  port.receive({ type: 'transfers-refused', requestId: sampleId(51, 2), reason: 'Choose it again.' })
  await expect(refused).rejects.toThrow('Choose it again.')
  const lost = transfers.upload(start)
  port.disconnect()
  await expect(lost).rejects.toThrow('The connection was lost.')
  await expect(transfers.upload(start)).rejects.toThrow('starting again')
})
