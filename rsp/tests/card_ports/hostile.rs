//! Whatever comes, the ports go on.

use std::io::{Read, Write};
use std::net::Shutdown;

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::lab::{EID, SELECT_MF, Serving, bench, connect, http_apdu, request};

#[test]
fn random_bytes_on_every_socket_do_not_stop_the_card() {
    let bench = bench(&[]);
    let serving = Serving::card(&bench, 2, &["--tcp", "0", "--http", "0"]);
    let mut rng = ChaCha20Rng::seed_from_u64(11);
    for round in 0..60 {
        let mut bytes = vec![0; (rng.next_u32() % 3000) as usize];
        rng.fill_bytes(&mut bytes);
        let mut stream = connect(&serving.address(round % 2));
        // The other end may have enough of it before it has all.
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }
    let address = serving.address(1);
    let reset = request(&address, "POST", &format!("/cards/{EID}/reset"), &[], "");
    assert_eq!(reset.status, 200);
    assert_eq!(http_apdu(&address, EID, SELECT_MF), "9000");
    assert_eq!(serving.stop().code(), Some(0));
}
