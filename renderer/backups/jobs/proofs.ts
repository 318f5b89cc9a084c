/** How far a backup is proven. */
export const proofs = [
  { value: 'readable', label: 'All of it is read' },
  { value: 'restorable', label: 'It is restored and compared' },
];
