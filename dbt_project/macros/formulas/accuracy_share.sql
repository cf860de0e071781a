{%- macro accuracy_share(correct, asked, minimum) -%}
    {#-
        Accuracy (准确): share of the asked questions that were answered correctly.

        minimum   fewest questions that allow a judgement, above 0
        Domain    0..asked; nothing could be asked (asked is 0): 0; fewer than minimum were asked:
                  no rate; more correct than asked counts as all
        Missing   either not collected, no rate (nothing asked is 0, whatever else is missing)
        Source    questions asked and answered correctly (fact 123)
    -#}
    case
        when {{ asked }} = 0 then 0
        when {{ asked }} >= {{ minimum }} then {{ share_of(correct, asked) }}
    end
{%- endmacro -%}
