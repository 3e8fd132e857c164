use registry::Config;

use crate::state::{Contract, Offer};

impl Contract {
    /// Takes over the seller's terms.
    pub fn copy_terms(&mut self, offer: &Offer) {
        self.mint = offer.mint;
        self.epoch_length_secs = offer.epoch_length_secs;
        self.price_per_gigabyte = offer.price_per_gigabyte;
        self.commit_fee_per_epoch = offer.commit_fee_per_epoch;
        self.sla = offer.sla;
        self.splits = offer.splits;
        self.split_count = offer.split_count;
        self.claims = offer.claims;
        self.claim_count = offer.claim_count;
    }

    /// Those parameters that the first cut did not copy.
    pub fn copy_proof_params(&mut self, config: &Config) {
        let params = &config.params;
        self.prove_window_secs = params.prove_window_secs;
        self.challenge_window_secs = params.challenge_window_secs;
        self.challenge_response_secs = params.challenge_response_secs;
        self.token_grace_secs = params.token_grace_secs;
        self.seed_delay_slots = params.seed_delay_slots;
        self.liveness_slash_basis_points = params.liveness_slash_basis_points;
        self.challenge_bond = params.challenge_bond;
        self.max_token_bytes = params.max_token_bytes;
        self.cluster_tag = config.cluster_tag;
    }

    /// Takes over the protocol's parameters: a later change reaches only later contracts.
    pub fn copy_params(&mut self, config: &Config, params_hash: [u8; 32]) {
        let params = &config.params;
        self.fee_basis_points = config.fee_basis_points;
        self.treasury = config.treasury;
        self.params_hash = params_hash;
        self.prefund_epochs = params.prefund_epochs;
        self.commit_delay_secs = params.commit_delay_secs;
        self.commit_window_secs = params.commit_window_secs;
        self.cosign_window_secs = params.cosign_window_secs;
        self.settle_window_secs = params.settle_window_secs;
        self.slash_multiplier_basis_points = params.slash_multiplier_basis_points;
        self.copy_proof_params(config);
    }
}
