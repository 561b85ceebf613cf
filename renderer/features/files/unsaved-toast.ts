/** Of the message that there are unsaved texts of before; who sees them needs it no more. */
export const unsavedToastKey = 'unsaved-files'
