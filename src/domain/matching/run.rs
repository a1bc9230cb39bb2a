//! A run: every tier in turn, the strongest first.

use super::{
    accounts,
    board::Board,
    by_name, files, first,
    reference::References,
    remitted, returns,
    sides::{Outcome, Sides},
    sums,
    transfers::Transfers,
};

/// Matches lines and expectations.
///
/// The result does not depend on the order of what it sees. Time n log n.
pub fn run(input: Sides<'_>) -> Outcome {
    let transfers = Transfers::of(&input);
    let mut board = Board::new(input, &transfers);
    let references = References::of(board.expected.iter().map(|node| (node.id, node.expected)));
    board.read_debits_by_reference(&references);
    board.read_remittances();
    board.place_sundry();
    remitted::place_contested(&board, &references);
    first::match_references(&board, &references);
    remitted::match_remittances(&board);
    files::match_files(&board);
    accounts::match_accounts(&board);
    by_name::match_names(&board);
    board.place_by_rules();
    sums::match_sums(&board);
    returns::match_returns(&board, &references);
    // There is one for each payment, and handing out takes room of its own.
    drop(references);
    board.outcome()
}
