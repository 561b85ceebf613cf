import type { Contract } from '#ipc/contract'
import { combineLive } from '../../lib/combine-live.ts'
import { streamLatest, type LiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { Microphone } from '../../ports/microphone.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import { notSetUp, type Dictation } from './dictation.ts'
import { createRecordings } from './recordings.ts'

/** The procedures of dictation. */
export function createDictationHandlers(
  dictation: Dictation,
  microphone: Microphone,
  /** Whether any window is seen. */
  visible: LiveValue<boolean>,
): FeatureHandlers<Contract['dictation']> {
  const recordings = createRecordings()
  const view = combineLive([dictation.saved, visible], () => ({
    service: dictation.saved.get().service,
    hasSystemDictation: microphone.hasSystemDictation,
    isSeen: visible.get(),
  }))
  return {
    watch: (_, { signal }) => streamLatest(view, signal),
    async save(input) {
      await dictation.save(input)
      return null
    },
    async turnOff() {
      await dictation.turnOff()
      return null
    },
    test: (input, { signal }) => dictation.test(input, signal),
    async allowMicrophone(_, { windowId }) {
      if (dictation.saved.get().service === null) throw notSetUp()
      if (!visible.get())
        throw new ProcedureError('microphone_refused', 'Nothing is recorded while the window is not shown.')
      if (!(await microphone.allow(windowId)))
        throw new ProcedureError(
          'microphone_refused',
          'The system does not let Outpost use the microphone. Allow it in the privacy settings of the system, then try again.',
        )
      return null
    },
    async transcribe(input, { signal, windowId }) {
      const wav = recordings.take(windowId, input)
      return wav === undefined ? {} : { text: await dictation.transcribe(wav, signal) }
    },
    startSystemDictation() {
      if (!microphone.hasSystemDictation)
        throw new ProcedureError('not_set_up', 'This system has no dictation that Outpost could start.')
      microphone.startSystemDictation()
      return null
    },
  }
}
