{{ assessor_agreement() }}
