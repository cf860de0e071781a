{{ assessed_divisions() }}
