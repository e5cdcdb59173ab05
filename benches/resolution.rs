//! One resolution, without a process around it and without a disk beneath it.

#[path = "../tests/suite/support/machine.rs"]
mod machine;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use venv_doctor::internals::interpreter::Version;
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::report::{json, text};
use venv_doctor::internals::startup::{self, Options};

fn resolution(criterion: &mut Criterion) {
    let host = machine::ada();
    let invocation = Invocation::on(&host, ".venv/bin/python").expect("the machine knows its working directory");
    for version in [Version::new(3, 6, 15), Version::new(3, 12, 1), Version::new(3, 15, 0)] {
        let options = Options { python_version: Some(version), ..Options::default() };
        criterion.bench_function(&format!("resolve {version}"), |bencher| {
            bencher.iter(|| startup::resolve(black_box(&host), black_box(&invocation), &options));
        });
    }
}

fn report(criterion: &mut Criterion) {
    let host = machine::ada();
    let invocation = Invocation::on(&host, ".venv/bin/python").expect("the machine knows its working directory");
    let options = Options { python_version: Some(Version::new(3, 12, 1)), ..Options::default() };
    let explanation = venv_doctor::explain(&host, &invocation, &options);
    criterion.bench_function("render JSON", |bencher| {
        bencher.iter(|| json::v1::render(black_box(&explanation), &[]));
    });
    let style = text::Style { width: 100, color: true, verbose: true, home: Some("/home/ada".into()) };
    criterion.bench_function("render text, everything", |bencher| {
        bencher.iter(|| text::render(black_box(&explanation), &[], &style));
    });
}

criterion_group!(benches, resolution, report);
criterion_main!(benches);
