#include "es/register.h"

#include "es/ars.h"
#include "es/cma_es.h"
#include "es/cr_fm_nes.h"
#include "es/guided_es.h"
#include "es/openai_es.h"
#include "es/pgpe.h"
#include "es/sep_cma_es.h"
#include "es/snes.h"

namespace saccade {

void RegisterStrategies(Registry& registry) {
  StrategyCatalogue& strategies = registry.strategies();
  strategies.Add("openai-es", "gradient from ranked returns with Adam; any number of weights",
                 es::MakeOpenAiEs);
  strategies.Add("ars", "augmented random search V1, V1-t, V2, V2-t; linear policies", es::MakeArs);
  strategies.Add("pgpe", "gradient with a deviation per weight and ClipUp; any number of weights",
                 es::MakePgpe);
  strategies.Add("snes", "natural gradient with a deviation per weight; no gradient settings",
                 es::MakeSnes);
  strategies.Add("sep-cma-es", "CMA-ES with a variance per weight; thousands of weights",
                 es::MakeSepCmaEs);
  strategies.Add("cma-es", "full covariance matrix; up to 1000 weights", es::MakeCmaEs);
  strategies.Add("cr-fm-nes", "variance per weight and one learnt direction; thousands of weights",
                 es::MakeCrFmNes);
  strategies.Add("guided-es", "perturbations along past gradients and around them; many weights",
                 es::MakeGuidedEs);
}

}  // namespace saccade
