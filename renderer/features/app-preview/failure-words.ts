import type { AppPreviewFailure } from '#ipc/app-preview'

interface FailureWords {
  readonly title: string
  readonly advice: string
}

/** What happened, and what to do about it. */
export function failureWords(failure: AppPreviewFailure, name: string): FailureWords {
  return words[failure](name)
}

const words: Readonly<Record<AppPreviewFailure, (name: string) => FailureWords>> = {
  no_answer: (name) => ({
    title: `${name} does not answer`,
    advice: 'Nothing listens where this app should be. Start its server in the workspace, then try again.',
  }),
  timed_out: (name) => ({
    title: `${name} takes too long`,
    advice: 'It did not answer in time. Look at its server in the workspace, then try again.',
  }),
  certificate: (name) => ({
    title: `${name} cannot be trusted`,
    advice: 'Its certificate is not accepted. Open it in the browser to see why.',
  }),
  led_away: (name) => ({
    title: `${name} leads somewhere else`,
    advice: 'It sent the page to an address that is not its own. Open it in the browser to follow it there.',
  }),
  ended: (name) => ({
    title: `${name} leads out of its own address`,
    advice:
      'It sent the page to the deployment itself, or its sign-in is over. Try again to sign in anew, or open it in the browser.',
  }),
  crashed: (name) => ({
    title: `The page of ${name} crashed`,
    advice: 'Nothing else is affected. Reload it to go on.',
  }),
  gone: (name) => ({
    title: `${name} is not there any more`,
    advice: 'The workspace has no such app now. Try again once it is back, or close this tab.',
  }),
  stopped: (name) => ({
    title: `${name} has stopped`,
    advice: 'Its workspace does not run. Start the workspace, then try again.',
  }),
  refused: (name) => ({
    title: `${name} cannot be shown here`,
    advice: 'Its address is not one that the deployment signs in to. Open it in the browser.',
  }),
  away: (name) => ({
    title: `${name} cannot be opened`,
    advice: 'The deployment cannot be reached. Try again once it is back.',
  }),
  failed: (name) => ({
    title: `${name} cannot be loaded`,
    advice: 'The page could not be loaded. Try again, or open it in the browser.',
  }),
}
