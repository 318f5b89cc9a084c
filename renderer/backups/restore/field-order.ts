/** What a field is about stands under it, so that fields side by side are at one height. */
export const belowInput: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
];
