//! A set of block numbers, one bit each: it stays small whatever is put into it.

/// Numbers of blocks.
#[derive(Clone, Debug, Default)]
pub struct BlockSet(Vec<u64>);

const BITS: u64 = 64;

impl BlockSet {
    /// Adds a number.
    pub fn insert(&mut self, block: u64) {
        let (word, bit) = place(block);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= bit;
    }

    /// Adds all of another set.
    pub fn union(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    /// Removes all of another set.
    pub fn remove_all(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= !other);
    }

    /// Whether this number is in it.
    #[must_use]
    pub fn contains(&self, block: u64) -> bool {
        let (word, bit) = place(block);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Removes this number and all above.
    pub fn cut(&mut self, blocks: u64) {
        let (word, bit) = place(blocks);
        self.0.truncate(word + 1);
        if let Some(last) = self.0.get_mut(word) {
            *last &= bit - 1;
        }
    }

    /// All numbers, in order.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        let numbers = |(word, bits): (u64, &u64)| {
            let bits = *bits;
            (0..BITS).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| word * BITS + bit)
        };
        (0..).zip(&self.0).filter(|(_, bits)| **bits != 0).flat_map(numbers)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
}

fn place(block: u64) -> (usize, u64) {
    (usize::try_from(block / BITS).unwrap_or(usize::MAX - 1), 1 << (block % BITS))
}

impl Extend<u64> for BlockSet {
    fn extend<T: IntoIterator<Item = u64>>(&mut self, blocks: T) {
        blocks.into_iter().for_each(|block| self.insert(block));
    }
}

impl FromIterator<u64> for BlockSet {
    fn from_iter<T: IntoIterator<Item = u64>>(blocks: T) -> Self {
        let mut set = Self::default();
        set.extend(blocks);
        set
    }
}

impl PartialEq for BlockSet {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for BlockSet {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_what_was_put_in() {
        let mut set: BlockSet = [3, 64, 63, 1000].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [3, 63, 64, 1000]);
        set.union(&[5, 2000].into_iter().collect());
        assert_eq!((set.len(), set.is_empty()), (6, false));
        set.cut(1000);
        assert!(set.contains(64) && !set.contains(65) && !set.contains(9999));
        set.remove_all(&[63, 9999].into_iter().collect());
        assert_eq!(set.iter().collect::<Vec<_>>(), [3, 5, 64]);
        set.cut(0);
        assert!(set.is_empty());
        assert_eq!(set, BlockSet::default());
    }
}
