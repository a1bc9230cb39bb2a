//! The twins of the fuzz targets: what must hold of every input, on thousands of them in each run.

use std::cell::RefCell;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::{
    bounds::{WorstCase, alone},
    dictionary::seeds,
    figures::{figure, long, sized},
    mutated::inputs,
    shapes,
    targets::TARGETS,
};

/// How many inputs each target gets.
const CASES: u32 = 300;

#[test]
fn no_input_makes_a_reader_panic_or_lie() {
    let _alone = alone();
    let worst = RefCell::new(WorstCase::default());
    for target in &TARGETS {
        for seed in seeds(target.name) {
            worst.borrow_mut().reads(target, "a seed", &seed);
            (target.holds)(&seed);
        }
        let config = Config {
            cases: sized(CASES, CASES * 20),
            failure_persistence: None,
            ..Config::default()
        };
        // The short run is the same each time; the long one looks elsewhere each time.
        let mut runner = if long() {
            TestRunner::new(config)
        } else {
            TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
        };
        let ran = runner.run(&inputs(target.name), |data| {
            worst.borrow_mut().reads(target, "an input", &data);
            (target.holds)(&data);
            Ok(())
        });
        ran.unwrap_or_else(|failed| panic!("{}: {failed}", target.name));
    }
    let worst = worst.into_inner();
    figure(
        "fuzz",
        &format!(
            "{} cases over {} targets; {}",
            worst.cases,
            TARGETS.len(),
            worst.told()
        ),
    );
}

#[test]
fn no_costly_shape_takes_more_than_its_bounds() {
    let _alone = alone();
    let mut worst = WorstCase::default();
    for target in &TARGETS {
        for (what, data) in shapes::of(target.name) {
            worst.reads(target, what, &data);
        }
    }
    figure(
        "shapes",
        &format!(
            "{} costly inputs of up to a megabyte: {}",
            worst.cases,
            worst.told()
        ),
    );
}

#[test]
fn what_the_fuzzer_found_stays_fixed() {
    for (name, data) in shapes::FOUND {
        crate::targets::holds(name, data);
    }
}
