use std::io::{self, Write};

use super::{
    error::Error, format::Format, list::ListWriter, samples::*, single::record, style::Style,
};
use crate::report::Cell;

#[test]
fn a_row_of_another_length_is_refused_in_every_format_and_not_counted() {
    for format in [
        Format::Table,
        Format::Csv,
        Format::Json,
        Format::Markdown,
        Format::Html,
        Format::Xlsx,
    ] {
        let mut list = ListWriter::new(format, PAYMENTS, Style::PLAIN, Vec::new()).unwrap();
        let refused = list.row(&[Cell::Empty]);
        assert!(
            matches!(
                refused,
                Err(Error::CellCount {
                    expected: 6,
                    found: 1
                })
            ),
            "{format:?}"
        );
        assert_eq!(list.rows_written(), 0);
        assert!(list.finish(None).is_ok());
    }
}

#[test]
fn a_closed_pipe_is_recognized_in_every_format() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    for format in [
        Format::Table,
        Format::Csv,
        Format::Json,
        Format::Markdown,
        Format::Html,
        Format::Xlsx,
    ] {
        let mut list = ListWriter::new(format, PAYMENTS, Style::PLAIN, Closed).unwrap();
        let written = (0..10_000).try_for_each(|_| list.row(&payment("a", "1", "1", "NGN")));
        let Err(error) = written.and_then(|()| list.finish(None).map(drop)) else {
            panic!("{format:?}")
        };
        assert!(
            matches!(&error, Error::Write(io) if io.kind() == io::ErrorKind::BrokenPipe),
            "{format:?}: {error}"
        );
        let Err(error) = record(&event(), format, Style::PLAIN, None, &mut Closed) else {
            panic!("{format:?}")
        };
        assert!(
            matches!(&error, Error::Write(io) if io.kind() == io::ErrorKind::BrokenPipe),
            "{format:?}: {error}"
        );
    }
}
