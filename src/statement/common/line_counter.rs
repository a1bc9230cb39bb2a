//! The lines of a text.

/// Counts the lines of a text up to offsets that never go back. A line ends with LF, CR, CRLF or
/// CR CR LF.
#[derive(Debug)]
pub(in crate::statement) struct LineCounter<'a> {
    rest: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> LineCounter<'a> {
    /// Starts at the first line.
    pub(in crate::statement) fn new(text: &'a str) -> Self {
        Self {
            rest: text.as_bytes(),
            at: 0,
            line: 1,
        }
    }

    /// Returns the line of an offset, counted from 1.
    pub(in crate::statement) fn line_at(&mut self, offset: usize) -> u64 {
        while self.at < offset {
            let Some((byte, rest)) = self.rest.split_first() else {
                break;
            };
            let ends = match byte {
                b'\n' => true,
                b'\r' => !rest.starts_with(b"\n") && !rest.starts_with(b"\r\n"),
                _ => false,
            };
            self.line += u64::from(ends);
            self.rest = rest;
            self.at += 1;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_ends_in_four_ways() {
        let text = "a\nb\rc\r\nd\r\r\ne";
        let mut counter = LineCounter::new(text);
        let lines: Vec<u64> = ["a", "b", "c", "d", "e"]
            .map(|c| counter.line_at(text.find(c).unwrap()))
            .to_vec();
        assert_eq!(lines, [1, 2, 3, 4, 5]);
    }
}
