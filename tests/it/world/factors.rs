//! Second factors as people have them: an authenticator app in software, and how far a first proof led.

use alcove::app::factor::Given;
use alcove::app::second_step::SecondAsked;
use alcove::app::session::Asker;
use alcove::app::sign_in::{Came, Entered};
use alcove::domain::factor::RecoveryCode;
use alcove::domain::id::ChallengeId;
use jiff::Timestamp;
use totp_rs::{Builder, Secret};

use super::World;
use super::account::{device, outside};
use super::sign::Keys;

/// An authenticator app with one secret.
pub struct TotpApp(totp_rs::Totp);

impl TotpApp {
    /// The app into which somebody typed this base32 secret.
    pub fn of(secret: &str) -> Self {
        let mut bits = Vec::new();
        for digit in secret.bytes() {
            let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|known| *known == digit).unwrap();
            bits.extend((0..5).rev().map(|n| u8::from(value >> n & 1 == 1)));
        }
        let bytes: Vec<u8> =
            bits.chunks_exact(8).map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | bit)).collect();
        Self(Builder::new().with_secret(Secret::new_stack(bytes.try_into().unwrap())).build().unwrap())
    }

    /// What it shows at that time.
    pub fn shows(&self, at: Timestamp) -> String {
        self.0.generate(at.as_second().try_into().unwrap()).to_string()
    }
}

/// All the way in.
pub fn came_in(came: Came) -> Entered {
    let Came::In(entered) = came else { panic!("a second factor is asked for: {came:?}") };
    *entered
}

/// As far as the second step.
pub fn halfway(came: Came) -> SecondAsked {
    let Came::Second(asked) = came else { panic!("no second factor is asked for") };
    asked
}

impl World {
    /// Sets up an authenticator app at this session, with the recovery codes that come with it.
    pub fn set_up_totp(&self, session: &Asker) -> (TotpApp, Vec<RecoveryCode>) {
        let app = TotpApp::of(&self.app.begin_totp(session).unwrap().secret);
        let codes = self.app.confirm_totp(session, &app.shows(self.clock.now())).unwrap();
        (app, codes)
    }

    /// The first step of signing in with the password, of whoever has a second factor.
    pub fn first_step(&self, keys: &Keys) -> SecondAsked {
        halfway(self.app.sign_in(&outside(), self.proof(keys, 1), &device(2)).unwrap())
    }

    /// The second step with what the app shows now.
    pub fn give(&self, challenge: ChallengeId, app: &TotpApp) -> Result<Entered, alcove::app::Error> {
        self.app.sign_in_second(&outside(), challenge, &Given::Totp(app.shows(self.clock.now())))
    }
}
