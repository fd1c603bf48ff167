/** Both forms of a particle, as templates write them, and the one after a final consonant, the one after a vowel. */
const forms: Readonly<Record<string, readonly [closed: string, open: string]>> = {
  '이(가)': ['이', '가'],
  '은(는)': ['은', '는'],
  '을(를)': ['을', '를'],
  '과(와)': ['과', '와'],
  '와(과)': ['과', '와'],
};
const undecided = /([가-힣])(이\(가\)|은\(는\)|을\(를\)|과\(와\)|와\(과\))/g;

/** Hangul syllables are in rows of 28; the first of each row ends in its vowel (Unicode, chapter 3.12). */
const endsInVowel = (syllable: string): boolean => (syllable.charCodeAt(0) - 0xac00) % 28 === 0;

/** Decides particles after Hangul. After other letters, whose reading nobody knows, both forms stay. */
export const chooseParticles = (text: string): string =>
  text.replace(undecided, (_, syllable: string, particle: string) => syllable + forms[particle]![endsInVowel(syllable) ? 1 : 0]);
