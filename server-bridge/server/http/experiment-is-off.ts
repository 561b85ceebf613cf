import { ApiError } from '../api-error.ts'

/** 403, as for what a deployment has and does not switch on. */
export function experimentIsOff(experiment: string): ApiError {
  return new ApiError(403, {
    message: `This functionality requires the experiment "${experiment}", which is off.`,
  })
}
