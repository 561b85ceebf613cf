import { act, fireEvent, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { BridgeError } from '../../../api/bridge-error.ts'
import { sampleActions, sampleCall, showRows } from '../../../testing/transcript-samples.tsx'
import type { ReadProgress, TranscriptActions } from './transcript-actions.ts'

const urls: string[] = []
beforeEach(() => {
  urls.length = 0
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    const url = `blob:film-${String(urls.length)}`
    urls.push(url)
    return url
  })
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void urls.splice(urls.indexOf(url), 1))
})
afterEach(() => void vi.restoreAllMocks())

const result = {
  ...{ chat_id: 'child', title: 'Try the refund page', status: 'waiting', type: 'computer_use' },
  ...{ report: 'It works.', recording_file_id: 'film', thumbnail_file_id: 'still' },
}

type Load = NonNullable<TranscriptActions['loadRecording']>

function show(load?: Load, change: Partial<TranscriptActions> = {}) {
  const saveFile = vi.fn(async () => undefined)
  const loadFile = vi.fn(async () => ({ mediaType: 'image/png', data: 'iVBORw0KGgo=' }))
  const actions = { ...sampleActions(), saveFile, loadFile, loadRecording: load, ...change }
  const parts = sampleCall('wait_agent', { chat_id: 'child' }, result)
  return { ...showRows(parts, actions), saveFile, loadFile }
}
const button = (name: string | RegExp) => screen.getByRole('button', { name })

it('is a picture until it is wanted, then says how far it is, then plays', async () => {
  let finish: (film: Blob) => void = () => undefined
  let tell: (progress: ReadProgress) => void = () => undefined
  const load: Load = vi.fn(async (_, onProgress) => {
    tell = onProgress
    return new Promise<Blob>((resolve) => (finish = resolve))
  })
  const { container, unmount } = show(load)
  const picture = await screen.findByRole('button', { name: 'Play the recording' })
  expect(picture.querySelector('img')?.src).toBe('data:image/png;base64,iVBORw0KGgo=')
  expect([container.querySelector('video'), vi.mocked(load).mock.calls]).toEqual([null, []])
  fireEvent.click(button('Play the recording'))
  act(() => tell({ bytes: 1024 * 1024, size: 4 * 1024 * 1024 }))
  expect(
    screen.getByRole('progressbar', { name: 'Loading the recording' }).getAttribute('aria-valuenow'),
  ).toBe('25')
  await act(async () => finish(new Blob([], { type: 'video/mp4' })))
  const video = container.querySelector('video')
  expect(video?.getAttribute('src')).toBe('blob:film-0')
  expect(video?.getAttribute('aria-label')).toBe('Recording of Try the refund page')
  unmount()
  expect(urls).toEqual([])
})

it.each([
  ['is no picture', { mediaType: 'image/svg+xml', data: 'PHN2Zy8+' }],
  ['is broken', { mediaType: 'image/png', data: 'AAAA' }],
])('is played from a button where its picture %s', async (_, still) => {
  const { container } = show(async () => new Blob(), { loadFile: async () => still })
  await screen.findByRole('button', { name: 'Play the recording' })
  const image = container.querySelector('img')
  if (image) fireEvent.error(image)
  expect(button('Play the recording').textContent).toBe('Play the recording')
})

it('is not read on when nobody waits for it any more', async () => {
  const signals: AbortSignal[] = []
  const load: Load = async (_, _progress, signal) => {
    signals.push(signal)
    return new Promise<Blob>(() => undefined)
  }
  const { unmount } = show(load)
  fireEvent.click(await screen.findByRole('button', { name: 'Play the recording' }))
  fireEvent.click(button('Cancel'))
  expect(signals[0]?.aborted).toBe(true)
  fireEvent.click(await screen.findByRole('button', { name: 'Play the recording' }))
  unmount()
  expect(signals[1]?.aborted).toBe(true)
})

it('says why it cannot be had, or not be played, and can be tried again', async () => {
  const load = vi
    .fn<Load>()
    .mockRejectedValueOnce(
      new BridgeError({
        ...{ code: 'type_refused', traceId: 'trace' },
        message: 'The file is not a recording that can be played.',
      }),
    )
    .mockResolvedValue(new Blob([], { type: 'video/mp4' }))
  const { container } = show(load)
  fireEvent.click(await screen.findByRole('button', { name: 'Play the recording' }))
  await act(async () => undefined)
  expect(container.textContent).toContain('not a recording that can be played')
  fireEvent.click(await screen.findByRole('button', { name: 'Play the recording' }))
  await act(async () => undefined)
  fireEvent.error(container.querySelector('video')!)
  expect(container.textContent).toContain('The recording is broken')
  expect([container.querySelector('video'), urls]).toEqual([null, []])
})

it('is saved by a name that says what it is', async () => {
  const { saveFile } = show(async () => new Blob())
  await act(async () => fireEvent.click(button(/^Save Recording of Try the refund page/)))
  expect(saveFile).toHaveBeenCalledWith('film', 'Recording of Try the refund page')
})

it('is a name alone where files cannot be read', () => {
  show(undefined, { saveFile: undefined, loadFile: undefined })
  expect(screen.queryByRole('button', { name: 'Play the recording' })).toBeNull()
  expect(screen.getByText('Recording of Try the refund page')).toBeDefined()
})
