/** The middle one of these numbers; of an even count the upper of the two. */
export const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
